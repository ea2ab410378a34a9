/** @file The parts of the interface. A new one is a file beside this and a row here. */
import type { AddRoutes } from '../http/app.js';
import { addDocumentation } from './documentation.js';
import { addHealth } from './health.js';
import { addInfo } from './info.js';
import { addMetrics } from './metrics.js';
import { addChat } from './openai/chat.js';
import { addCompletions } from './openai/completions.js';
import { addEmbeddings } from './openai/embeddings.js';
import { addModels } from './openai/models.js';
import { addRerank } from './rerank.js';
import { addTasks } from './tasks.js';
import { addTokenize } from './tokenize.js';

export const routes: readonly AddRoutes[] = [
  addHealth,
  addModels,
  addEmbeddings,
  addCompletions,
  addChat,
  addRerank,
  addTasks,
  addTokenize,
  addInfo,
  addMetrics,
  addDocumentation,
];
