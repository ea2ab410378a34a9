/** @file The process of a trial: one run of `multihead train`, whose events it prints. It ends when the search ends. */

import { UnknownMetric } from '../../../training/trainer/best-model.js';
import { end } from '../../exit.js';
import { type TrainArguments, train } from '../train/train.js';
import type { TrialEnd, TrialStart } from './start-trial.js';

const tell = (message: TrialEnd): Promise<void> => new Promise((done) => process.send?.(message, () => done()));

process.once('message', async ({ task, options }: TrialStart) => {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM')); // the search is no more: save, and end
  try {
    await train(task, options as unknown as TrainArguments);
    await tell({ type: 'done' });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await tell({ type: 'failed', message, isUnknownMetric: error instanceof UnknownMetric });
  }
  process.removeAllListeners('disconnect');
  process.disconnect?.();
  end();
});
