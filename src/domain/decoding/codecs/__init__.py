"""One module or package for each device family: how its bytes are read, with the source of every rule."""
