"""python -m xiezhi"""

from xiezhi.cli.main import main

main()
