"""What the image's tests are made of: its tree, its shared objects, and Rampart run in it."""
