"""What is said of a delivery: the vocabulary (`words`), the account row by row, the receipt and its printed page, the rows that
go back to their sender and how they are known when they come again. Everything in intake may import it; of intake it imports
`json_text` alone.
"""
