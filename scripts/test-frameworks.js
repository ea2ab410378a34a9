/**
 * npm run test:frameworks
 *
 * The server inside other programs: packs the package, installs it beside Express 5 and Next.js into temporary folders, and
 * asks both apps for embeddings and for a streamed completion. In each the server is mounted as docs/serving.md says.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const repository = join(import.meta.dirname, '..');
const root = mkdtempSync(join(tmpdir(), 'multihead-frameworks-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
const run = (cwd, program, ...args) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const models = Object.fromEntries(['mini', 'mini-gpt'].map((name) => [name, join(repository, 'models', name)]));
const opened = `
import { createServer } from 'multihead/server';
const server = await createServer({ models: ${JSON.stringify(models)} });
`;

const frameworks = {
  express: {
    packages: ['express@5', '@hono/node-server'],
    files: {
      'app.js': `
import { getRequestListener } from '@hono/node-server';
import express from 'express';
${opened}
const app = express();
app.get('/', (_, response) => response.send('an app'));
app.use('/ai', getRequestListener(server));
app.listen(Number(process.env.PORT), '127.0.0.1');
`,
    },
    command: ['app.js'],
    mountedAt: '/ai',
  },
  next: {
    packages: ['next', 'react', 'react-dom'],
    files: {
      'app/layout.js': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
      'app/page.js': 'export default () => <p>an app</p>;',
      'app/v1/[...path]/route.js': `${opened}export const GET = server;\nexport const POST = server;\n`,
      'next.config.mjs': "export default { serverExternalPackages: ['multihead'] };",
    },
    build: ['node_modules/next/dist/bin/next', 'build'],
    command: ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1'],
    mountedAt: '',
  },
};

run(repository, 'npm', 'run', 'build');
run(repository, 'npm', 'pack', '--silent', '--workspace', 'packages/multihead', '--pack-destination', root);
for (const [name, framework] of Object.entries(frameworks)) await tryOut(name, framework);
process.exit();

async function tryOut(name, { packages, files, build, command, mountedAt }) {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '../multihead-0.1.0.tgz', ...packages);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  if (build) execFileSync(process.execPath, build, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const port = await freePort();
  const app = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...env, PORT: `${port}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await ask(`http://127.0.0.1:${port}`, mountedAt);
    console.log(`${name}: the app's own page, embeddings, a streamed completion and an error`);
  } finally {
    app.kill();
    await once(app, 'exit');
  }
}

async function ask(app, mountedAt) {
  const post = (path, body) =>
    fetch(`${app}${mountedAt}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const page = await answered(() => fetch(app));
  assert.match(await page.text(), /an app/);
  const embeddings = await answered(() => post('embeddings', { model: 'mini', input: ['Where is it?', 'Hello'] }));
  const { data } = await embeddings.json();
  assert.deepEqual(
    data.map(({ embedding }) => embedding.length),
    [384, 384],
  );
  const stream = await post('completions', { model: 'mini-gpt', prompt: 'It was', max_tokens: 8, stream: true });
  const text = await stream.text();
  assert.equal(stream.headers.get('content-type')?.split(';')[0], 'text/event-stream');
  assert.ok(text.split('\n\n').length > 5, text);
  assert.ok(text.trimEnd().endsWith('data: [DONE]'), text);
  const missing = await post('embeddings', { model: 'none', input: 'Hello' });
  assert.equal(missing.status, 404);
  assert.equal((await missing.json()).error.code, 'model_not_found');
}

/** The answer, as soon as the app listens and its models are loaded: a minute at most. */
async function answered(request) {
  for (let tries = 0; tries < 120; tries++) {
    const response = await request().catch(() => undefined);
    if (response?.ok) return response;
    if (response && response.status !== 503) assert.fail(`${response.status}: ${await response.text()}`);
    await pause(500);
  }
  assert.fail('no answer within a minute');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
