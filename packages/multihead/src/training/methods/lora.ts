/**
 * @file The training method `lora` (Hu et al. 2022): trains low-rank updates of some matrices; the backbone is frozen.
 */
import { realPath } from '#files';
import { adapterKey } from '../../models/adapters/adapter-config.js';
import { type LoraSettings, loraSchema, loraSettings } from '../../models/adapters/lora-settings.js';
import { UserError } from '../../platform/errors.js';
import type { TrainingMethod } from './method.js';

/** LoRA, as a row of the registry. If the model already has an adapter, that adapter is trained further. */
export const lora: TrainingMethod = {
  name: 'lora',
  description: 'trains low-rank adapters of a frozen model; also rsLoRA and DoRA',
  settings: loraSchema,
  // Biderman et al. 2024 ("LoRA Learns Less and Forgets Less"): its best rates are about ten times those of full fine-tuning.
  rateFactor: 10,
  check: (args, { freeze }) => {
    if (freeze !== 'none')
      throw new UserError(`method is lora, which freezes the model itself; leave freeze (${freeze}) out`);
    loraSettings(args);
  },
  async prepare(model, args, { seed }) {
    const { adapters, reference } = model;
    if (adapters.active === undefined) {
      if (!reference) {
        throw new UserError(
          'lora: an adapter belongs to a model that others find, and this one has random weights. Save it (savePretrained) ' +
            'and load it from there',
        );
      }
      await adapters.add('default', args, { seed });
    } else checkSame(adapters.settings(adapters.active), args);
    const name = adapters.active as string;
    const learned = new Set(adapters.trainableNames(name));
    return {
      trainable: (parameter) => learned.has(parameter),
      files: () => adapters.files(name),
      keyFile: adapterKey,
      load: (folder) => adapters.restore(folder),
      async checkOutput(folder) {
        if (!reference || (await realPath(reference.nameOrPath)) !== (await realPath(folder))) return;
        throw new UserError(
          `${folder}: is the folder of the model that the adapter belongs to, which it needs. Give another output folder.`,
        );
      },
    };
  },
};

/** Refuses settings that differ from those of the adapter that continues training. */
function checkSame(own: LoraSettings, args: Partial<LoraSettings>): void {
  for (const name of ['rank', 'alpha', 'dropout', 'useRslora', 'useDora', 'bias'] as const) {
    if (args[name] === undefined || args[name] === own[name]) continue;
    throw new UserError(
      `lora.${name} is ${args[name]}, but the model's adapter, which continues training, has ${own[name]}. Leave it out, or ` +
        'merge the adapter and begin a new one.',
    );
  }
}
