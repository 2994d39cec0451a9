"""A process of ours that tells what it was given."""

import os

if __name__ == "__main__":
    for name, value in sorted(os.environ.items()):
        print(f"{name}={value}")
