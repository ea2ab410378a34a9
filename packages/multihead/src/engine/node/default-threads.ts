/** @file An engine's default number of threads. */
import { availableParallelism } from 'node:os';

/**
 * The value of the environment variable `OMP_NUM_THREADS`, which PyTorch and job schedulers use for the same; otherwise the
 * number of available processors. Of a list (`4,2`: one number for each level of nesting) the first number counts. Anything
 * but a whole number from 1 on is ignored, as OpenMP ignores it.
 */
export function defaultThreads(): number {
  const [first = ''] = (process.env.OMP_NUM_THREADS ?? '').split(',');
  return /^\s*0*[1-9]\d{0,3}\s*$/.test(first) ? Number(first) : availableParallelism();
}
