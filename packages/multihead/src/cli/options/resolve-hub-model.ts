/**
 * @file `--model ID` and `--tokenizer ID` of every command: before it runs, what is on the hub is fetched, and its folder put
 * in the id's place.
 */
import type { GenericFormatter } from 'cli-progress';
import type { Command } from 'commander';
import { resolveModel } from '#hub';
import type { DownloadEvent, ResolveOptions } from '../../hub/options.js';
import { barLine, columnsOf } from '../output/bar-line.js';
import { printNote, visible } from '../output/print.js';
import type { TerminalBar } from '../output/terminal-bar.js';

/** The options of a command that say where its model comes from, and how progress is reported. */
interface ModelArguments {
  readonly model?: string;
  readonly tokenizer?: string;
  readonly revision?: string;
  readonly json?: boolean;
}

/** Adds `--revision` to each command that has `--model`, and lets their models come from the hub. */
export function resolveHubModels(program: Command): void {
  for (const command of program.commands.filter(({ options }) => options.some(({ long }) => long === '--model'))) {
    command.option('--revision <name>', 'branch, tag or commit of a model from the hub (default: main)');
    command.hook('preAction', async () => {
      const { model, tokenizer, revision, json } = command.opts<ModelArguments>();
      if (model !== undefined) command.setOptionValue('model', await fetched(model, { revision, json }));
      if (tokenizer !== undefined)
        command.setOptionValue('tokenizer', await fetched(tokenizer, { parts: 'tokenizer', json }));
    });
  }
}

/** The folder of a model; what comes from the hub is shown on its way. */
export async function fetched(
  name: string,
  { json = false, ...options }: Pick<ResolveOptions, 'revision' | 'parts'> & { readonly json?: boolean | undefined },
): Promise<string> {
  const { onProgress, end } = await downloadListener(json);
  try {
    return await resolveModel(name, { ...options, onDownload: onProgress, onNote: noteListener(json) });
  } finally {
    end();
  }
}

/** Prints notes on standard error. */
export const noteListener =
  (json: boolean) =>
  (note: string): void => {
    if (json) console.error(JSON.stringify({ type: 'note', note }));
    else printNote(note);
  };

const megabytes = ({ value, total }: { readonly value: number; readonly total: number }) => ({
  value: Number((value / 1e6).toFixed(1)),
  total: Number((total / 1e6).toFixed(1)),
});

/** On standard error: a bar a file in a terminal; elsewhere, or as JSON, a line for each whole file. */
export async function downloadListener(
  json: boolean,
): Promise<{ onProgress(event: DownloadEvent): void; end(): void }> {
  if (json || !process.stderr.isTTY) {
    const onProgress = (event: DownloadEvent) => {
      if (event.received !== event.total) return;
      const { file, total } = event;
      console.error(json ? JSON.stringify(event) : `downloaded ${file} (${(total / 1e6).toFixed(1)} MB)`);
    };
    return { onProgress, end: () => undefined };
  }
  const { terminalBar } = await import('../output/terminal-bar.js');
  let bar: TerminalBar | undefined;
  let shown = '';
  return {
    onProgress({ file, received, total }) {
      if (file !== shown) {
        bar?.stop();
        const format: GenericFormatter = (_, bytes) =>
          barLine({ ...megabytes(bytes), told: ['MB', visible(file)] }, columnsOf(process.stderr));
        bar = terminalBar({ format, total, value: received });
        shown = file;
      }
      bar?.update(received);
    },
    end: () => bar?.stop(),
  };
}
