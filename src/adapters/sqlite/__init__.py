"""The embedded platform's storage: SQLite files in one folder, written on the event loop's own thread.

``uplinks.db`` holds the raw log, ``stadtfunk.db`` everything computed from it, ``registry.db`` what people typed in,
``backfill.db`` for which times a network server's store is asked. All are written inline, in slices of 5 to 20 ms: a
writer thread beside a busy loop gives up the interpreter's lock once a row and collapses twelvefold.
"""
