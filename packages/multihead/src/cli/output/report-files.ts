/** @file A report's files in a folder: report.json, report.html, and predictions.jsonl with a line for each example. */
import { join } from 'node:path';
import { exists, type FileWriter, makeDirectory, remove } from '#files';
import { UserError } from '../../platform/errors.js';
import { type ReportInputs, runReport } from '../../report/run-report.js';
import type { Outcome } from '../../tasks/outcome.js';
import { abandonedIn, reportFileNames } from '../../training/trainer/run-files.js';
import { version } from '../version.js';
import { JsonObjectFile } from './json-object-file.js';
import { outputFile } from './output-file.js';

/** The file with a line for each example, which `multihead compare` reads. */
export const predictionsFile = 'predictions.jsonl';
const [reportFile, pageFile] = ['report.json', 'report.html'];

/**
 * A report that is being made. What concerns single examples is written as it comes, beside the files' names. At the end all
 * files get their names one after the other, report.json last; what was there before of another report goes. When the
 * command ends early, nothing has changed.
 */
export class ReportFiles {
  private readonly objects = new Map<string, JsonObjectFile>();

  private constructor(
    private readonly folder: string,
    private readonly lines: FileWriter,
  ) {}

  /** Begins a report, in a folder that is made if it is not there. */
  static async begin(folder: string): Promise<ReportFiles> {
    await makeDirectory(folder);
    for (const path of await abandonedIn(folder)) await remove(path);
    return new ReportFiles(folder, await outputFile(join(folder, predictionsFile)));
  }

  /**
   * Adds the outcomes of a window of examples.
   *
   * @param files what else is written of them: the entries of JSON objects, by the names of files
   */
  async add(outcomes: readonly Outcome[], files: Readonly<Record<string, object>> = {}): Promise<void> {
    await this.lines.write(outcomes.map(line).join(''));
    for (const [name, entries] of Object.entries(files)) {
      const file = this.objects.get(name) ?? (await JsonObjectFile.begin(join(this.folder, name)));
      this.objects.set(name, file);
      await file.add(entries);
    }
  }

  /** Writes the report, and returns the path of report.html. The page's charts are loaded only here: they are of no use to other commands. */
  async finish(inputs: ReportInputs): Promise<string> {
    const { folder, lines, objects } = this;
    const { reportPage } = await import('../../report/page.js');
    const report = runReport({ date: new Date().toISOString(), version, ...inputs });
    const [key, page] = [await outputFile(join(folder, reportFile)), await outputFile(join(folder, pageFile))];
    const files = [lines, ...objects.values(), page, key];
    try {
      await key.write(`${JSON.stringify(report, null, 2)}\n`);
      await page.write(reportPage(report, inputs.outcomes));
      for (const file of files) await file.flush();
      const made = new Set([predictionsFile, pageFile, ...objects.keys()]);
      const gone = reportFileNames.filter((name) => !made.has(name));
      for (const name of gone) if (await exists(join(folder, name))) await remove(join(folder, name));
      for (const file of files) await file.commit();
    } catch (error) {
      for (const file of [key, page]) await file.abandon();
      throw error;
    }
    return join(folder, pageFile);
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    for (const file of [this.lines, ...this.objects.values()]) await file.abandon();
  }
}

/**
 * Makes the folder of a report and tries to write there.
 *
 * @throws UserError where that is not possible
 */
export async function checkReportFolder(folder: string): Promise<void> {
  if (folder === '') throw new UserError('--report is empty; a folder was expected');
  const trial = await outputFile(join(folder, reportFile));
  await trial.abandon();
}

const line = ({ badness: _, isMistake: __, textPair: ___, ...outcome }: Outcome): string =>
  `${JSON.stringify(outcome)}\n`;
