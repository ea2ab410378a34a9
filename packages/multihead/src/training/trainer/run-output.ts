/** @file Writes a run's output folder: checkpoints, the best or last model, and its scores. */
import { type Content, joinPath, makeDirectory, remove, writeAtomically, writeTogether } from '#files';
import type { Engine } from '../../engine/engine.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { Evaluation } from '../../tasks/task.js';
import type { Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { cleanUp, type RunState, writeCheckpoint, writeRunState } from '../checkpoints/checkpoint.js';
import type { PreparedMethod } from '../methods/method.js';
import { namesOfModel, reportFileNames, scoresFile } from './run-files.js';

/** What a run leaves. */
interface RunResult {
  readonly model: PretrainedModel;
  /** Determines how the model is saved. */
  readonly method: PreparedMethod;
  readonly tokenizer: Tokenizer | undefined;
  /** Further files of the task, by name. */
  readonly taskFiles: Readonly<Record<string, string>>;
}

/** The output folder of a run. It is created after the first step, which shows that the run works. */
export class RunOutput {
  private isReady = false;

  constructor(
    readonly folder: string,
    private readonly result: RunResult,
  ) {}

  /**
   * Creates the folder. A new run writes its settings there, which marks the folder as its own, and removes an older
   * run's checkpoints.
   *
   * @param start where this start of the run began
   */
  async prepare(start: RunState): Promise<void> {
    if (this.isReady) return;
    const isNew = start.step === 0;
    await makeDirectory(this.folder);
    if (isNew) await writeRunState(this.folder, start);
    await cleanUp(this.folder, { checkpoints: isNew });
    this.isReady = true;
  }

  /** Writes a checkpoint, and removes those beyond the limit. Returns its path. */
  checkpoint(engine: Engine, state: RunState, limit: number): Promise<string> {
    return writeCheckpoint(this.folder, this.result.model, engine, state, limit);
  }

  /**
   * Writes model, tokenizer and scores. A report and scores of the model that was there go before that; thresholds, by which
   * the model says its labels, belong to it as its configuration does.
   */
  async saveResult(evaluation?: Evaluation): Promise<void> {
    const { folder } = this;
    const { method, tokenizer, taskFiles } = this.result;
    const files: Record<string, Content> = { ...(await method.files()), ...tokenizer?.files(), ...taskFiles };
    const { metrics, mainMetric: main_metric, thresholds } = evaluation ?? {};
    const scores = `${JSON.stringify({ ...metrics, main_metric, ...(thresholds && { thresholds }) }, null, 2)}\n`;
    if (thresholds) files[scoresFile] = scores;
    else await remove(joinPath(folder, scoresFile));
    for (const name of reportFileNames) await remove(joinPath(folder, name));
    await writeTogether(folder, files, method.keyFile, await namesOfModel(folder));
    if (evaluation && !thresholds) await writeAtomically(joinPath(folder, scoresFile), scores);
  }

  /**
   * Ends a run: the model is the kept one, which is not always the last; the run's state tells that it has ended; and
   * checkpoints, unless they were asked for, go. In this order, so that a run killed here can still be resumed.
   *
   * @param keepsBest        whether the folder holds the best model, rather than the last
   * @param keepsCheckpoints whether checkpoints stay
   */
  async finish(
    state: RunState,
    { keepsBest, keepsCheckpoints }: { keepsBest: boolean; keepsCheckpoints: boolean },
  ): Promise<void> {
    const { folder } = this;
    if (keepsBest) await this.result.method.load(folder);
    await writeRunState(folder, state);
    await cleanUp(folder, { checkpoints: !keepsCheckpoints });
  }

  /** Removes files that a kill at the end of a run may have left. */
  async cleanUp(): Promise<void> {
    await cleanUp(this.folder, { checkpoints: false });
  }
}
