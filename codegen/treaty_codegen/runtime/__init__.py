"""The modules that generated packages take with them, as they are: typed, tested here, without Treaty at run time.

They import each other relatively, because they live on inside other packages.
"""
