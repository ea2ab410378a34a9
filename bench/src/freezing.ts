/** @file `npm run bench -- freezing`: what a training step costs when layers, or the whole backbone, are frozen. */
import { median, miniLM, prepare, syntheticBatch } from './synthetic.js';

/** Times steps of MiniLM's shape, 16 x 128 tokens. */
export async function run(): Promise<void> {
  const batch = syntheticBatch(16, 128);
  let whole = 0;
  for (const freeze of ['none', 3, 'backbone'] as const) {
    const { model, training } = await prepare(miniLM, { freeze });
    const times: number[] = [];
    for (let step = 0; step < 9; step++) {
      const began = performance.now();
      await training.step([batch], {}, step);
      if (step > 1) times.push(performance.now() - began);
    }
    await model.dispose();
    const ms = median(times);
    if (freeze === 'none') whole = ms;
    console.log(`--freeze ${freeze}: ${ms.toFixed(0)} ms a step, ${((100 * ms) / whole).toFixed(0)} %`);
  }
}
