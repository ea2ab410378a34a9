/** @file The models of a server, by their names. */
import { ServeError } from '../errors/serve-error.js';
import type { ServedModel } from './served-model.js';

/** Finds the model that a request is for. */
export class Models {
  private readonly byName: Map<string, ServedModel>;

  constructor(models: readonly ServedModel[]) {
    this.byName = new Map(models.map((model) => [model.info.name, model]));
  }

  /** All models, in the order in which they were given. */
  get all(): readonly ServedModel[] {
    return [...this.byName.values()];
  }

  /**
   * Returns the model of a name or, without a name, the only one.
   *
   * @throws ServeError where there is none
   */
  namedOrOnly(name: string | undefined): ServedModel {
    if (name !== undefined) return this.named(name);
    const [model] = this.all;
    if (model && this.byName.size === 1) return model;
    throw new ServeError(`model is missing; there are: ${[...this.byName.keys()].join(', ')}`, {
      status: 400,
      code: 'model_missing',
      param: 'model',
    });
  }

  /**
   * Returns the model of a name.
   *
   * @throws ServeError with status 404 where there is none
   */
  named(name: string): ServedModel {
    const model = this.byName.get(name);
    if (model) return model;
    throw new ServeError(`there is no model ${quoted(name)}; there are: ${[...this.byName.keys()].join(', ')}`, {
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
  }

  /**
   * Returns the model of a name or, without a name, the only one that answers a task.
   *
   * @throws ServeError where there is none
   */
  forTask(task: string, name: string | undefined): ServedModel {
    const able = this.all.filter(({ info }) => info.tasks.includes(task));
    const names = able.map(({ info }) => info.name).join(', ') || 'none';
    if (name === undefined) {
      const [model] = able;
      if (model && able.length === 1) return model;
      throw new ServeError(`model is missing; the models for ${task} are: ${names}`, {
        status: able.length === 0 ? 404 : 400,
        code: 'model_missing',
        param: 'model',
      });
    }
    const model = this.named(name);
    if (able.includes(model)) return model;
    throw new ServeError(
      `the model ${name} is for ${model.info.tasks.join(', ')}, not for ${task}; models for that are: ${names}`,
      { status: 400, code: 'model_not_suitable', param: 'model' },
    );
  }
}

/** A name as a message shows it: of what may be of any length, the beginning. */
const quoted = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
