/** @file `npm run bench -- responsive`: how long the calling thread is held up while BERT-base trains in the worker. */
import { bertBase, prepare, syntheticBatch } from './synthetic.js';

/** Counts a 1 ms timer's ticks, and their longest gap, while three steps run. */
export async function run(): Promise<void> {
  const { model, training } = await prepare(bertBase);
  const batch = syntheticBatch(8, 128);
  await training.step([batch], {}, 0); // warm-up
  let [ticks, longest, last] = [0, 0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    [ticks, longest, last] = [ticks + 1, Math.max(longest, now - last), now];
  }, 1);
  const began = performance.now();
  last = began;
  for (let step = 1; step <= 3; step++) await training.step([batch], {}, step);
  const seconds = (performance.now() - began) / 1000;
  clearInterval(timer);
  await model.dispose();
  console.log(
    `${seconds.toFixed(1)} s of training: ${ticks} ticks of a 1 ms timer, longest gap ${longest.toFixed(0)} ms`,
  );
}
