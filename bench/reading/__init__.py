"""Learns the reader (`retrieval/embedding/reader.npz`), and what its readings count.

    python -m bench.reading.data FOLDER CORPORA …     # here: questions, and passages to read
    python -m bench.reading.train FOLDER OUT --seconds 200     # on a graphics card
    python -m bench.reading.fit ANSWERS OUT           # here: what it brings to folds left out

CORPORA are folders that have a folder for each corpus, with `articles/` and gold questions in
`dev.jsonl`, as `bench.corpora` reads them. `train` needs torch and numpy alone.
"""
