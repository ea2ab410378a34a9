/** @file `/openapi.json`, and a page to try each route. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServeError } from '../errors/serve-error.js';
import type { AddRoutes } from '../http/app.js';
import { version } from '../version.js';

/** Files of Swagger UI, and their types. */
const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** The page runs its own files alone, and calls this server alone. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Multihead</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/begin.js"></script>
`;

const begin = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page', tryItOutEnabled: true, validatorUrl: null });\n`;

/** Adds the routes. */
export const addDocumentation: AddRoutes = (app) => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Multihead',
      version,
      description: 'Models behind HTTP: a route for each task, and those of OpenAI.',
    },
    security: [{ key: [] }, {}],
  });
  app.get('/docs', (c) => c.html(page, 200, { 'content-security-policy': policy }));
  app.get('/', (c) => c.redirect('docs'));
  app.get('/docs/begin.js', (c) => c.body(begin, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/docs/:file', async (c) => {
    const name = c.req.param('file');
    const type = Object.hasOwn(files, name) ? files[name] : undefined;
    if (type === undefined) throw new ServeError('there is no such file', { status: 404, code: 'not_found' });
    const headers = { 'content-type': type, 'cache-control': 'public, max-age=86400' };
    return c.body(await readFile(join(swaggerFolder(), name)), 200, headers);
  });
};

/** Swagger UI's files: beside the package's own in what is published, among the repository's modules in a clone. */
function swaggerFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  } catch {
    return fileURLToPath(new URL('../../../swagger-ui', import.meta.url));
  }
}
