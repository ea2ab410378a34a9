/**
 * npm run test:langchain
 *
 * LangChain.js against the server: installs @langchain/openai into a temporary folder (it is too large for a devDependency), serves
 * the models of the repository, and embeds 512 texts twice in parallel; completions and chats, whole and as streams.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createServer, listen } from 'multihead/server';

const folder = mkdtempSync(join(tmpdir(), 'multihead-langchain-'));
const models = join(import.meta.dirname, '../models');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
execFileSync('npm', ['install', '--no-audit', '--no-fund', '@langchain/openai', '@langchain/core'], { cwd: folder });
const { resolve } = createRequire(join(folder, 'package.json'));
const { ChatOpenAI, OpenAI, OpenAIEmbeddings } = await import(pathToFileURL(resolve('@langchain/openai')).href);

const chat = join(folder, 'chat');
cpSync(join(models, 'mini-gpt'), chat, { recursive: true });
writeFileSync(
  join(chat, 'chat_template.jinja'),
  '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:',
);
const server = await createServer({ models: { mini: join(models, 'mini'), gpt: join(models, 'mini-gpt'), chat } });
await server.ready;
const { url, close } = await listen(server, { port: 0 });
const common = { apiKey: 'none', configuration: { baseURL: `${url}/v1` }, maxRetries: 0 };

const texts = Array.from({ length: 512 }, (_, i) => `Parcel ${i} has ${'not '.repeat(i % 9)}arrived.`);
const embeddings = new OpenAIEmbeddings({ ...common, model: 'mini', batchSize: 512 });
const [first, second] = await Promise.all([embeddings.embedDocuments(texts), embeddings.embedDocuments(texts)]);
assert.equal(first.length, 512);
assert.equal(first[511].length, 384);
const apart = Math.max(
  ...first.map((vector, i) => vector.reduce((most, x, j) => Math.max(most, Math.abs(x - second[i][j])), 0)),
);
assert.ok(apart < 1e-5, `two requests for the same texts differ by ${apart}`);
console.log(`embeddings: 512 texts twice in parallel, largest difference ${apart.toExponential(1)}`);

const complete = new OpenAI({ ...common, model: 'gpt', temperature: 0, maxTokens: 12 });
const whole = await complete.invoke('I want');
let streamed = '';
for await (const piece of await complete.stream('I want')) streamed += piece;
assert.ok(whole.length > 0);
assert.equal(streamed, whole);
console.log('completions: a stream gives the same text');

const talk = new ChatOpenAI({ ...common, model: 'chat', temperature: 0, maxTokens: 12 });
const { content, usage_metadata: usage } = await talk.invoke('Are you good?');
let answer = '';
let counted;
for await (const { content: piece, usage_metadata } of await talk.stream('Are you good?')) {
  answer += piece;
  counted = usage_metadata ?? counted;
}
assert.equal(answer, content);
assert.equal(counted.total_tokens, usage.total_tokens);
await assert.rejects(() => new ChatOpenAI({ ...common, model: 'gpt' }).invoke('Hello'), /no chat template/);
console.log('chats: a stream gives the same text and usage; a model without a template is refused');
await close();
await server.close();
process.exit();
