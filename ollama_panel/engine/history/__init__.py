"""The history on the disk, an SQLite file in the state folder.

* schema: the tables, their version, and the migrations of older files.
* file: opens the file, or begins a fresh one in place of one that cannot be used; writes, thins and shortens it.
* writer: the one thread that does so, with a queue of limited length.
* reader: answers questions, from any other thread or process, also while the panel runs.
* recorder: what the engine tells the history; on the engine's loop, and it never waits.
"""
