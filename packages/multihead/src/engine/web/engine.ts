/** @file The engine in browsers. It comes with a later version; graphs, models and tokenizers work there already. */
import { UserError } from '../../platform/errors.js';
import type { Engine, EngineOptions } from '../engine.js';

/** Would start an engine in a browser; says that there is none yet. */
export function createEngine(_options: EngineOptions = {}): Engine {
  throw new UserError('Multihead has no browser engine yet: run models in Node (20 or later) for now.');
}
