/**
 * @file `npm run bench -- split-articles --data FILE --every N --output DIR`: divides a SQuAD file by articles (of PolicyQA:
 * by policies). Every N-th goes to eval.json, the others to train.json: no text is on both sides.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Runs the command. */
export async function run(args: readonly string[]): Promise<void> {
  const text = { type: 'string' as const };
  const { values } = parseArgs({ args: [...args], options: { data: text, every: text, output: text } });
  const { data, every, output } = values as Record<'data' | 'every' | 'output', string>;
  const file = JSON.parse(readFileSync(data, 'utf8')) as { data: unknown[] };
  const isHeldOut = (_: unknown, i: number) => i % Number(every) === Number(every) - 1;
  mkdirSync(output, { recursive: true });
  const write = (name: string, articles: unknown[]) => {
    writeFileSync(join(output, name), JSON.stringify({ ...file, data: articles }));
    console.log(`${join(output, name)}: ${articles.length} articles`);
  };
  write(
    'train.json',
    file.data.filter((article, i) => !isHeldOut(article, i)),
  );
  write('eval.json', file.data.filter(isHeldOut));
}
