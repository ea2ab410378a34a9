/** @file What `multihead export` does. */
import { joinPath, realPath } from '#files';
import { exportModel } from '../../../export/export-model.js';
import { locateModel } from '../../../models/adapters/locate-model.js';
import type { DeviceName } from '../../../models/default-device.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import { refuseResults } from '../../../training/trainer/run-files.js';
import { given } from '../../options/common-options.js';
import { print } from '../../output/print.js';

/** What the command line gives. */
export interface ExportArguments {
  readonly output: string;
  readonly dtype?: readonly DtypeName[];
  readonly device?: DeviceName;
  readonly attentions?: boolean;
  /** A file of labelled examples. */
  readonly evaluate?: string;
  readonly overwrite?: boolean;
}

/** Runs the command. */
export async function exportFolder(model: string, options: ExportArguments): Promise<void> {
  const { output, overwrite, dtype: dtypes } = options;
  const { folder } = await locateModel(model);
  for (const source of [model, folder]) {
    if ((await realPath(output)) !== (await realPath(source))) continue;
    throw new UserError(`${output}: is the folder of the model itself. Give another --output.`);
  }
  if (!overwrite) await refuseResults(output, 'Give another --output, or --overwrite to replace it.');
  const settings = { output, dtypes, ...given(options, 'device', 'attentions', 'evaluate') };
  for (const { name, bytes, error, milliseconds, evaluation } of await exportModel(model, settings)) {
    const facts = [
      `${(bytes / 1e6).toFixed(1)} MB`,
      `relative error ${error.toExponential(1)}`,
      `${milliseconds.toFixed(1)} ms a text`,
    ];
    if (evaluation) {
      const { metric, value, ofModel } = evaluation;
      facts.push(`${metric} ${value.toFixed(4)} (the model: ${ofModel.toFixed(4)})`);
    }
    print(`${joinPath(output, name)}  ${facts.join(', ')}`);
  }
}
