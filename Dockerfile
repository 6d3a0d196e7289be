# Masthead in one image: the same image runs web, worker, migrate and the other commands.
FROM python:3.13-slim AS build
WORKDIR /source
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY requirements/ requirements/
RUN python -m venv /tools \
    && /tools/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/uv.lock \
    && python -m venv --without-pip /opt/masthead
RUN /tools/bin/uv pip install --no-cache --python /opt/masthead --require-hashes -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY src/ src/
RUN /tools/bin/uv pip install --no-cache --python /opt/masthead --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin masthead \
    && install -d -m 0700 -o masthead -g masthead /data
COPY --from=build /opt/masthead /opt/masthead
ENV PATH=/opt/masthead/bin:$PATH PYTHONUNBUFFERED=1 MASTHEAD_HOME=/data
USER masthead
WORKDIR /data
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["masthead"]
CMD ["web", "--host", "0.0.0.0"]
