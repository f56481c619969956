"""One verb: put a shift, open or closed."""
