"""Learns the reader (`retrieval/embedding/reader.npz`), and what its readings count.

    python -m bench.reader.data FOLDER CORPORA …     # here: questions, and passages to read
    python -m bench.reader.train FOLDER OUT --seconds 200     # on a graphics card
    python -m bench.reader.fit ANSWERS OUT           # here: what it brings on folds it has not seen

CORPORA are folders that have a folder for each corpus, with `articles/` and gold questions in
`dev.jsonl`, as `bench.corpora` reads them. `train` needs torch and numpy alone.
"""
