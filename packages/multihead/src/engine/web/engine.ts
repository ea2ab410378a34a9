/** @file The engine in browsers, which is not implemented yet; graphs, models and tokenizers already work there. */
import { UserError } from '../../platform/errors.js';
import type { Engine, EngineOptions } from '../engine.js';

/** Throws an error, since browsers have no engine yet. */
export function createEngine(_options: EngineOptions = {}): Engine {
  throw new UserError('Multihead has no browser engine yet: run models in Node (20 or later) for now.');
}
