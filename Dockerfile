# Passage with its model inside. `docker compose up --build` runs it beside a Chroma server.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

# What changes seldom comes first, so that a new version of the code does not fetch it again.
# constraints.txt has the hash of each file; older pips take none from there.
# torch in its CPU build is a version of its own, for PyPI's would bring gigabytes of CUDA.
WORKDIR /src
COPY constraints.txt ./
RUN sed -n '/^pip==/,/[^\\]$/p' constraints.txt > pip.txt \
    && pip install -r pip.txt \
    && pip install -c constraints.txt --no-deps --index-url https://download.pytorch.org/whl/cpu \
    torch==2.13.0+cpu
COPY pyproject.toml ./
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
    > requirements.txt \
    && pip install -c constraints.txt -r requirements.txt setuptools

COPY retrieval retrieval
RUN python -m retrieval.embedding.model_build
COPY LICENSE NOTICE README.md ./
COPY bot bot
RUN pip install --no-deps --no-build-isolation .

# The user's home is the volume: a cache that a model from a hub needs is kept there too.
RUN groupadd --gid 10001 passage \
    && useradd --uid 10001 --gid passage --home-dir /data --no-create-home passage \
    && install --directory --owner passage --group passage /data
VOLUME /data

WORKDIR /app
COPY seeds seeds
ENV PASSAGE_SEEDS_DIR=/app/seeds \
    PASSAGE_DATA_DIR=/data \
    PASSAGE_HEALTH_PORT=8799 \
    PASSAGE_READER_HOST=0.0.0.0

# The reader, where PASSAGE_READER is true.
EXPOSE 8798

USER 10001:10001
# The first start indexes the articles before it connects.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; bot = http.client.HTTPConnection('127.0.0.1', int(os.environ['PASSAGE_HEALTH_PORT']), timeout=4); bot.request('GET', '/healthz'); sys.exit(bot.getresponse().status != 200)"]
ENTRYPOINT ["passage"]
CMD ["run"]
