# Aftershock for teams without Node:
#   docker build -t aftershock .
#   docker run --rm -v "$PWD:/work" -u "$(id -u):$(id -g)" aftershock run incident.yaml
FROM node:24-slim AS build
WORKDIR /opt/aftershock
COPY package.json package-lock.json tsconfig.json ./
COPY src src
COPY mocks mocks
COPY scenarios scenarios
COPY scripts scripts
RUN npm ci --no-audit --no-fund && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
COPY --from=build /opt/aftershock /opt/aftershock
WORKDIR /work
USER node
ENTRYPOINT ["node", "/opt/aftershock/dist/bundle/cli/main.js"]
CMD ["--help"]
