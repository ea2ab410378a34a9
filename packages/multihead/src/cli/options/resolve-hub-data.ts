/** @file Examples and texts by the name of a data set on the hub: before a command runs, its folder is put in the name's place. */
import type { Command } from 'commander';
import { exists } from '#files';
import { resolveDataset } from '#hub';
import { endingOf } from '../../data/streams/source-files.js';
import { parseDatasetName } from '../../hub/dataset-name.js';
import { downloadListener, noteListener } from './resolve-hub-model.js';

/** Options that name data, and the part of a data set that they mean. */
const parts = {
  train: 'train',
  eval: 'validation',
  data: 'test',
  corpus: 'train',
  validationCorpus: 'validation',
} as const;

/** Lets the data of every command come from the hub. */
export function resolveHubData(program: Command): void {
  for (const command of program.commands) {
    const names = Object.keys(parts).filter((name) =>
      command.options.some((option) => option.attributeName() === name),
    ) as (keyof typeof parts)[];
    if (names.length === 0) continue;
    command.hook('preAction', async () => {
      const { json = false } = command.opts<{ json?: boolean }>();
      for (const name of names) {
        const given: string | string[] | undefined = command.opts()[name];
        if (given === undefined) continue;
        const found: string[] = [];
        for (const source of [given].flat()) found.push(await fetchedData(source, parts[name], json));
        command.setOptionValueWithSource(
          name,
          Array.isArray(given) ? found : found[0],
          command.getOptionValueSource(name),
        );
      }
    });
  }
}

const fileEndings = /^(csv|tsv|json|jsonl|ndjson|parquet|txt|gz)$/;

/** The source itself, unless it can only be the name of a data set. */
async function fetchedData(source: string, part: (typeof parts)[keyof typeof parts], json: boolean): Promise<string> {
  if (!parseDatasetName(source) || fileEndings.test(endingOf(source).ending) || (await exists(source))) return source;
  const { onProgress, end } = await downloadListener(json);
  try {
    return await resolveDataset(source, part, { onDownload: onProgress, onNote: noteListener(json) });
  } finally {
    end();
  }
}
