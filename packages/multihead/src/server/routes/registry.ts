/** @file The parts of the interface. A new one is a file beside this and a row here. */
import type { AddRoutes } from '../http/app.js';
import { addHealth } from './health.js';
import { addEmbeddings } from './openai/embeddings.js';
import { addModels } from './openai/models.js';
import { addTasks } from './tasks.js';

export const routes: readonly AddRoutes[] = [addHealth, addModels, addEmbeddings, addTasks];
