/** @file What `multihead export` does. */
import { joinPath, realPath } from '#files';
import { exportModel } from '../../../export/export-model.js';
import { locateModel } from '../../../models/adapters/locate-model.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import { refuseResults } from '../../../training/trainer/run-files.js';
import { print } from '../../output/print.js';

/** What the command line gives. */
export interface ExportArguments {
  readonly output: string;
  readonly dtype?: readonly DtypeName[];
  readonly overwrite?: boolean;
}

/** Runs the command. */
export async function exportFolder(model: string, { output, overwrite, dtype }: ExportArguments): Promise<void> {
  const { folder } = await locateModel(model);
  for (const source of [model, folder]) {
    if ((await realPath(output)) !== (await realPath(source))) continue;
    throw new UserError(`${output}: is the folder of the model itself. Give another --output.`);
  }
  if (!overwrite) await refuseResults(output, 'Give another --output, or --overwrite to replace it.');
  for (const { name, bytes, error } of await exportModel(model, { output, dtypes: dtype })) {
    const megabytes = (bytes / 1e6).toFixed(1);
    print(`${joinPath(output, name)}  ${megabytes} MB, relative error ${error.toExponential(1)}`);
  }
}
