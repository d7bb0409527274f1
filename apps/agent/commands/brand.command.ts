/** `tally brand`: own brands signed and registered, others' believed by pins, values tested without a network, alerts opened. */
import type { Command } from 'commander';
import { normalise, type BrandFinding } from '#indicators';
import { HubClient, loadBrandIndex, loadBrands, receivedAlerts, registerBrand, syncBrands, withdrawBrand, type ReceivedAlert, type RegisteredRevision } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { kindAndValue } from '../shell/kind-and-value.js';
import { readJsonFile, readLines } from '../shell/input.js';
import { printable } from '../shell/output.js';
import type { Shell } from '../shell/shell.js';

export const brandCommand: CommandModule = {
  register(program, shell) {
    const brand = program.command('brand').description(shell.text('brand.description'));
    own(brand, shell);
    brand.command('sync').description(shell.text('brand.sync')).action(async () => {
      const synced = await syncBrands(shell.home(), new HubClient(shell.home()));
      shell.result(synced, shell.text('brand.synced', { ...synced }));
    });
    brand.command('list').description(shell.text('brand.list')).action(async () => {
      const brands = await loadBrands(shell.home());
      shell.result(brands, shell.table(['brand.owner', 'brand.brand', 'brand.names'].map((key) => shell.text(key as 'brand.owner')), brands.map(({ owner, brandId, names }) => [owner, brandId, names.join('; ')])));
    });
    brand.command('test <source>').description(shell.text('brand.test')).option('--kind <kind>', shell.text('brand.kind')).action(async (source: string, options: { kind?: string }) => {
      const index = await loadBrandIndex(shell.home());
      const tested = (await readLines(shell, source)).map(({ line, text }) => {
        const { kind, value } = kindAndValue(line, text, options.kind);
        const result = normalise(kind, value);
        return { line, kind, findings: index.test(kind, value, 'forms' in result ? result.forms[0].value : null) };
      });
      tellTested(shell, tested);
    });
    brand.command('alerts').description(shell.text('brand.alerts')).action(async () => {
      tellAlerts(shell, await receivedAlerts(shell.home(), new HubClient(shell.home())));
    });
  },
};

function own(brand: Command, shell: Shell): void {
  const told = ({ brandId, revision }: RegisteredRevision): void => { shell.result({ brandId, revision }, shell.text('brand.registered', { brandId, revision })); };
  brand.command('register').description(shell.text('brand.register')).requiredOption('--file <file>', shell.text('brand.file'))
    .action(async ({ file }: { file: string }) => { told(await registerBrand(shell.home(), new HubClient(shell.home()), readJsonFile(file, 'FILE_UNREADABLE'))); });
  brand.command('withdraw <brand>').description(shell.text('brand.withdraw'))
    .action(async (brandId: string) => { told(await withdrawBrand(shell.home(), new HubClient(shell.home()), brandId)); });
}

function tellTested(shell: Shell, tested: readonly { readonly line: number; readonly kind: string; readonly findings: readonly BrandFinding[] }[]): void {
  const head = (['brand.line', 'brand.brand', 'brand.finding', 'brand.strength', 'brand.entry'] as const).map((key) => shell.text(key));
  const rows = tested.flatMap(({ line, findings }) => (findings.length === 0 ? [[String(line), '-']]
    : findings.map(({ brandId, relation, how, strong, entry }) => [String(line), brandId, how ?? relation, strong ? 'strong' : 'weak', entry])));
  shell.result(tested, shell.table(head, rows));
}

function tellAlerts(shell: Shell, alerts: readonly ReceivedAlert[]): void {
  const head = (['brand.brand', 'brand.sentAt', 'brand.finding', 'brand.value', 'brand.entry'] as const).map((key) => shell.text(key));
  const rows = alerts.flatMap(({ brandId, sentAt, values }) => (values ?? [null]).map((one) => (
    one === null ? [brandId, sentAt, shell.text('brand.unreadable')] : [brandId, sentAt, one.how, printable(one.value), printable(one.entry)])));
  shell.result(alerts, shell.table(head, rows));
}
