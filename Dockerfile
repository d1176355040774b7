# Rollcall in a container: two stages, Debian slim, not root.
#   docker build -t rollcall . && docker run --rm -p 127.0.0.1:8080:8080 -v ./rollcall.yaml:/rollcall.yaml:ro rollcall
FROM node:24-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      g++ libgstreamer-plugins-base1.0-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /rollcall
COPY package.json package-lock.json .npmrc ./
COPY client client
RUN npm install --no-save --no-audit --no-fund
COPY native native
COPY src src
COPY viewer viewer
COPY tsconfig.json ./
RUN npm run build:native && npm run build:viewer && npm prune --omit=dev --no-save --no-audit --no-fund

FROM node:24-bookworm-slim
# For a GPU of Intel (of AMD: mesa-va-drivers): --build-arg GPU_PACKAGES="libvulkan1 mesa-vulkan-drivers intel-media-va-driver"
ARG GPU_PACKAGES=""
RUN apt-get update && apt-get install -y --no-install-recommends \
      gstreamer1.0-libav gstreamer1.0-plugins-bad gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
      openssl $GPU_PACKAGES \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /rollcall
COPY --from=build /rollcall/node_modules node_modules
COPY --from=build /rollcall/native native
COPY --from=build /rollcall/viewer/dist viewer/dist
COPY package.json LICENSE ./
COPY bin/rollcall bin/rollcall
COPY models models
COPY schemas schemas
COPY simulator simulator
COPY src src
# People and the events that wait: keep it.
RUN mkdir /var/lib/rollcall && chown node:node /var/lib/rollcall && ln -s /rollcall/bin/rollcall /usr/local/bin/rollcall
VOLUME /var/lib/rollcall
USER node
EXPOSE 8080
# Inside a container loopback reaches nobody; publish the port on the address you mean it for.
# Beyond loopback a token is needed: http.auth.tokens in the configuration, or docker run -it, where one is shown.
ENTRYPOINT ["rollcall"]
CMD ["run", "--config", "/rollcall.yaml", "--http", "0.0.0.0:8080"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
