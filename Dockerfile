# OK as one image: the same code serves the web, the worker and beat.
FROM node:20-slim AS packages
WORKDIR /ok
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /ok
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY --from=packages /ok/node_modules node_modules
COPY . .
# Compiling texts and collecting static files ask nobody, so any address will do.
RUN export DATABASE_URL=postgres:///none REDIS_URL=redis://none \
    && python locale/texts.py compile \
    && python manage.py collectstatic --noinput -v0 \
    && rm -r .local \
    && useradd --create-home ok \
    && install -d -o ok .local
USER ok
EXPOSE 8000
CMD ["granian", "--interface=asginl", "--host=0.0.0.0", "--port=8000", "--workers=2", "--no-ws", \
     "--respawn-failed-workers", "--workers-kill-timeout=2", "--log-level=warning", "okplatform.asgi:application"]
