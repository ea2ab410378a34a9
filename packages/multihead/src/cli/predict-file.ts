/**
 * @file `multihead predict --data`: a line of JSON for each example of files that may be larger than memory. They go through
 * the model in windows, and each window's lines are written when they are there.
 */
import type { ExampleStream } from '../data/example-stream.js';
import { predictionWindow, windows } from '../data/windows.js';
import { UserError } from '../errors.js';
import type { TaskName } from '../tasks/task.js';
import { BadRows } from './bad-rows.js';
import { resumeCommand } from './command-line.js';
import type { DataArguments } from './data-options.js';
import { endBySignal, onSignal, signalInWords } from './ending.js';
import { keepInputs } from './kept-inputs.js';
import { keptLines, partialFolder } from './kept-lines.js';
import { type LineOutput, standardOutput } from './line-output.js';
import { modelFingerprint } from './model-fingerprint.js';
import type { QuestionAnsweringArguments } from './options.js';
import { predictQuestions } from './predict-questions.js';
import { predictTexts } from './predict-texts.js';
import { version } from './version.js';
import { workBar } from './work-bar.js';

/** What is predicted, and where it goes. */
export interface PredictFileArguments extends DataArguments, QuestionAnsweringArguments {
  readonly model: string;
  readonly data: string;
  /** The file that the lines go to. Default: standard output. */
  readonly output?: string;
  /** Go on behind the lines that an interrupted command has left. */
  readonly resume?: boolean;
  /** Start anew in spite of them. */
  readonly overwrite?: boolean;
  readonly topK?: number;
  readonly maxLength?: number;
}

/** What a task makes of files: its examples, and a line for each. */
export interface FilePrediction<Example> {
  /** What an example is, for people: texts. */
  readonly unit: string;
  readonly examples: ExampleStream<Example>;
  /** All settings that lines depend on. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Loads the model. */
  load(): Promise<LinePredictor<Example>>;
}

/** A model that is ready. */
export interface LinePredictor<Example> {
  /** @param onProgress is told the share of the examples that is done */
  predict(examples: readonly Example[], onProgress: (share: number) => void): Promise<readonly object[]>;
  dispose(): Promise<void>;
}

/** Runs the command. */
export async function predictFile(task: TaskName, options: PredictFileArguments): Promise<void> {
  const { output, model, data, resume, overwrite } = options;
  if (output === undefined && (resume || overwrite)) {
    throw new UserError(`--${resume ? 'resume' : 'overwrite'} goes with --output FILE`);
  }
  if (resume && overwrite) throw new UserError('--resume and --overwrite exclude each other; give one of them');
  if (output === '') throw new UserError('--output is empty; a file was expected');
  if (output !== undefined) await keepInputs(output, { '--data': data, '--model': model });
  const badRows = new BadRows(options.skipBadRows);
  if (task === 'question-answering')
    await writePredictions(task, await predictQuestions(options, badRows), options, badRows);
  else await writePredictions(task, await predictTexts(options, badRows), options, badRows);
}

async function writePredictions<Example>(
  task: TaskName,
  prediction: FilePrediction<Example>,
  options: PredictFileArguments,
  badRows: BadRows,
): Promise<void> {
  const { examples, unit } = prediction;
  badRows.show();
  const output = await openOutput(task, prediction, options);
  const { predict, dispose } = await prediction.load();
  const state: State = { written: output.keptLines, of: examples.length, writing: Promise.resolve() };
  const isOnScreen = options.output === undefined && process.stdout.isTTY; // the lines themselves show how far it is
  const bar = isOnScreen ? undefined : workBar(examples.length, unit, state.written);
  const { output: path } = options;
  const stopListening = path === undefined ? () => undefined : tellWhenInterrupted(path, state, () => bar?.close());
  let at = 0;
  try {
    for await (const window of windows(examples.examples(), examples.sizeOf, predictionWindow)) {
      const begin = at;
      at += window.length;
      if (at <= state.written) continue;
      const lines = await predict(window, (share) =>
        bar?.update(Math.max(state.written, begin + share * window.length)),
      );
      // Of a window of which lines are there already, the rest: in another window, last digits could differ.
      state.writing = output.write(lines.slice(state.written - begin).map((line) => `${JSON.stringify(line)}\n`));
      await state.writing;
      state.written = at;
    }
    state.writing = output.finish().then(() => {
      state.isFinished = true;
    });
    await state.writing;
  } catch (error) {
    bar?.close();
    if (path !== undefined && state.written > 0) console.error(keptSentence(path, state));
    throw error;
  } finally {
    bar?.close();
    stopListening();
  }
  await dispose();
}

async function openOutput<Example>(
  task: TaskName,
  { examples, settings }: FilePrediction<Example>,
  { output, model, resume, overwrite }: PredictFileArguments,
): Promise<LineOutput> {
  if (output === undefined) return standardOutput;
  const of = { 'the task': task, 'the version of Multihead': version, 'the examples of --data': examples.fingerprint };
  const origin = { ...of, 'the model': await modelFingerprint(model), 'the settings': JSON.stringify(settings) };
  return keptLines(output, origin, { resume, overwrite });
}

/** How far a command has come. */
interface State {
  /** Lines that are on the disk. */
  written: number;
  readonly of: number;
  /** What is being written. */
  writing: Promise<void>;
  isFinished?: boolean;
}

const keptSentence = (output: string, { written, of }: State): string =>
  `${written} of ${of} predictions are kept in ${partialFolder(output)}. Resume with:\n  ${resumeCommand(process.argv.slice(2))}`;

/** A signal ends the command when what is being written is on the disk. A second one does not wait for that. */
function tellWhenInterrupted(output: string, state: State, close: () => void): () => void {
  let isTold = false;
  return onSignal((signal) => {
    if (isTold) endBySignal(signal);
    isTold = true;
    close();
    const tell = (): never => {
      const what = state.written > 0 ? keptSentence(output, state) : 'there were no predictions yet; nothing is kept';
      if (!state.isFinished) console.error(`${signalInWords[signal]}: ${what}`);
      endBySignal(signal);
    };
    void state.writing.then(() => setImmediate(tell), tell); // the loop counts the lines first
  });
}
