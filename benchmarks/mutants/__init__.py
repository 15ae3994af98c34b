"""Small mistakes in the program itself: how many of them its tests notice."""
