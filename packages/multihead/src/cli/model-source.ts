/**
 * @file `--model ID` and `--tokenizer ID` of every command: before it runs, what is on the hub is fetched, and its folder put
 * in the id's place.
 */
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { resolveModel } from '#hub';
import type { DownloadEvent, ResolveOptions } from '../hub/options.js';

/** Adds `--revision` to each command that has `--model`, and lets their models come from the hub. */
export function addModelSources(program: Command): void {
  for (const command of program.commands.filter(({ options }) => options.some(({ long }) => long === '--model'))) {
    command.option('--revision <name>', 'branch, tag or commit of a model from the hub (default: main)');
    command.hook('preAction', async () => {
      const { model, tokenizer, revision } = command.opts<{ model?: string; tokenizer?: string; revision?: string }>();
      if (model !== undefined) command.setOptionValue('model', await fetched(model, { revision }));
      if (tokenizer !== undefined)
        command.setOptionValue('tokenizer', await fetched(tokenizer, { parts: 'tokenizer' }));
    });
  }
}

/** The folder of a model; what comes from the hub is shown on its way. */
export async function fetched(name: string, options: Pick<ResolveOptions, 'revision' | 'parts'>): Promise<string> {
  const { onProgress, end } = downloadListener();
  try {
    return await resolveModel(name, { ...options, onDownload: onProgress, onNote: noteListener });
  } finally {
    end();
  }
}

/** A note on standard error. */
export const noteListener = (note: string): void =>
  console.error(process.stderr.isTTY ? note : JSON.stringify({ type: 'note', note }));

/** On standard error: a bar a file in a terminal, a JSON line for each whole file elsewhere. */
export function downloadListener(): { onProgress(event: DownloadEvent): void; end(): void } {
  if (!process.stderr.isTTY) {
    const onProgress = (event: DownloadEvent) => {
      if (event.received === event.total) console.error(JSON.stringify(event));
    };
    return { onProgress, end: () => undefined };
  }
  let bar: SingleBar | undefined;
  let shown = '';
  return {
    onProgress({ file, received, total }) {
      if (file !== shown) {
        bar?.stop();
        bar = new SingleBar({ format: '{bar} {percentage}%  {file}', barsize: 24, hideCursor: true });
        bar.start(total, received, { file });
        shown = file;
      }
      bar?.update(received);
    },
    end: () => bar?.stop(),
  };
}
