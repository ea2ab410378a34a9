/** @file Multihead's side of `npm run bench -- reading`, in a process of its own, so that its memory is its own. */
import { readFileSync } from 'node:fs';
import { openClassificationStream } from 'multihead/data';
import { AutoTokenizer } from 'multihead/text';

const [what, path = '', tokenizer = ''] = process.argv.slice(2);
const seconds = async (work: () => Promise<void>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const found: Record<string, number> = {};
if (what === 'csv') {
  let stream: Awaited<ReturnType<typeof openClassificationStream>> | undefined;
  found.opening = await seconds(async () => {
    stream = await openClassificationStream(path);
  });
  let rows = 0;
  found.reading = await seconds(async () => {
    for await (const examples of stream?.examples() ?? []) rows += examples.length;
  });
  Object.assign(found, { rows, labels: stream?.labels.names.length });
} else {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const loaded = await AutoTokenizer.fromPretrained(tokenizer);
  let tokens = 0;
  found.tokenizing = await seconds(async () => {
    for (let at = 0; at < lines.length; at += 1000) {
      const encodings = await loaded.encodeBatch(lines.slice(at, at + 1000), { maxLength: 128 });
      for (const { inputIds: ids } of encodings) tokens += ids.length;
    }
  });
  Object.assign(found, { rows: lines.length, tokens });
}
const { user, system } = process.cpuUsage();
const processor = (user + system) / 1e6; // seconds, those of all threads
console.log(JSON.stringify({ ...found, processor, megabytes: process.resourceUsage().maxRSS / 1024 }));
