/**
 * @file `multihead predict --data`: a line of JSON for each example of files that may be larger than memory. They go through
 * the model in windows, and each window's lines are written when they are there.
 */
import type { ExampleStream } from '../../../data/streams/example-stream.js';
import { predictionWindow, windows } from '../../../data/streams/windows.js';
import { loadForTask } from '../../../inference/load-task.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import type { OptionValues, TaskDefinition } from '../../../tasks/define-task.js';
import { predictExamples } from '../../../tasks/predict.js';
import { BadRows } from '../../options/bad-rows.js';
import { given } from '../../options/common-options.js';
import { type DataArguments, readingOf } from '../../options/data-options.js';
import { taskOptions } from '../../options/task-options.js';
import { guardInputs } from '../../output/input-guard.js';
import { keptLines } from '../../output/kept-lines.js';
import { KeptProgress } from '../../output/kept-progress.js';
import { type LineOutput, standardOutput } from '../../output/line-output.js';
import { workBar } from '../../output/work-bar.js';
import { modelFingerprint } from '../../run/model-fingerprint.js';
import { version } from '../../version.js';

/** What is predicted, and where it goes. */
export interface PredictFileArguments extends DataArguments {
  readonly model: string;
  readonly data: string;
  /** The file that the lines go to. Default: standard output. */
  readonly output?: string;
  /** Continue after the lines that an interrupted command has left. */
  readonly resume?: boolean;
  /** Start anew in spite of them. */
  readonly overwrite?: boolean;
  readonly topK?: number;
  readonly maxLength?: number;
  readonly dtype?: DtypeName;
}

/** Runs the command. */
export async function predictFile(definition: TaskDefinition, options: PredictFileArguments): Promise<void> {
  const { output, model, data, resume, overwrite } = options;
  if (output === undefined && (resume || overwrite)) {
    throw new UserError(`--${resume ? 'resume' : 'overwrite'} goes with --output FILE`);
  }
  if (resume && overwrite) throw new UserError('--resume and --overwrite exclude each other; give one of them');
  if (output === '') throw new UserError('--output is empty; a file was expected');
  if (output !== undefined) await guardInputs(output, { '--data': data, '--model': model });
  const badRows = new BadRows(options.skipBadRows);
  const examples = await definition.open(data, readingOf(definition, options, 'test', badRows));
  badRows.show();
  await writePredictions(definition, examples, options);
}

async function writePredictions(
  definition: TaskDefinition,
  examples: ExampleStream<unknown>,
  options: PredictFileArguments,
): Promise<void> {
  const { topK = 1, maxLength, dtype } = options;
  const own = taskOptions(definition, ['settings'], options);
  const settings = { topK, ...given(options, 'maxLength', 'dtype'), ...own };
  const output = await openOutput({ task: definition.name, examples, settings }, options);
  const { model, task } = await loadForTask(definition, options.model, { maxLength, dtype, options: own });
  const predict = async (window: readonly unknown[], onProgress: (share: number) => void) => {
    const predictions = await predictExamples(model, task, window, { onProgress });
    const shown = { topK, config: model.config };
    return predictions.map((prediction, i) => definition.commands.line(window[i], prediction, shown));
  };
  const { output: path } = options;
  const kept = new KeptProgress(path ?? '', examples.length, output.keptLines);
  const isOnScreen = path === undefined && process.stdout.isTTY; // the lines themselves show how far it is
  const bar = isOnScreen ? undefined : workBar(examples.length, definition.unit, kept.written);
  const stopListening = path === undefined ? () => undefined : kept.listen(() => bar?.close());
  let at = 0;
  try {
    for await (const window of windows(examples.examples(), examples.sizeOf, predictionWindow)) {
      const begin = at;
      at += window.length;
      if (at <= kept.written) continue;
      const lines = await predict(window, (share) =>
        bar?.update(Math.max(kept.written, begin + share * window.length)),
      );
      // Of a window of which lines are there already, the rest: in another window, last digits could differ.
      const rest = lines.slice(kept.written - begin).map((line) => `${JSON.stringify(line)}\n`);
      await kept.write(output.write(rest), at);
    }
    await kept.finish(output.finish());
  } catch (error) {
    bar?.close();
    if (path !== undefined && kept.kept !== undefined) console.error(kept.kept);
    throw error;
  } finally {
    bar?.close();
    stopListening();
  }
  await model.dispose();
}

/** What is predicted: all that lines depend on besides the model. */
interface Predicted {
  readonly task: string;
  readonly examples: ExampleStream<unknown>;
  readonly settings: OptionValues;
}

async function openOutput(
  { task, examples, settings }: Predicted,
  { output, model, resume, overwrite }: PredictFileArguments,
): Promise<LineOutput> {
  if (output === undefined) return standardOutput;
  const of = { 'the task': task, 'the version of Multihead': version, 'the examples of --data': examples.fingerprint };
  const origin = { ...of, 'the model': await modelFingerprint(model), 'the settings': JSON.stringify(settings) };
  return keptLines(output, origin, { resume, overwrite });
}
