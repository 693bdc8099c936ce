"""The Python runtime of a Lambda environment. The standard library alone: CPython 3.7 to 3.15 run this file.

A main program is compiled at every start; what is imported is compiled once. So there is next to nothing here.
"""

# Instrumentation that hooks into the runtime itself looks for a module of this name in the main program.
from thaw_runtime import bootstrap

if __name__ == "__main__":
    bootstrap.main()
