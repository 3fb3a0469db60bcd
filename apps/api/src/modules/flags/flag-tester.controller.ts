import {
  settingsParams,
  type TestRequest,
  type TestResult,
  testRequest,
  testResult,
} from '@bastionary/contracts/flags';
import { complete } from '@bastionary/flags/actions/change-settings';
import { getFlag, getSetting } from '@bastionary/flags/actions/find-flag';
import { loadModel, withSettings } from '@bastionary/flags/actions/load-model';
import { invalidField, noSuchEnvironment, refuseFaults } from '@bastionary/flags/actions/refusals';
import type { Context, Platform } from '@bastionary/flags/rules/model';
import { settingsFaults } from '@bastionary/flags/rules/settings-faults';
import { traceFlag } from '@bastionary/flags/rules/trace';
import { trustedContext } from '@bastionary/flags/rules/trusted-context';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { KnownPlatforms } from './serving/known-platforms.js';

type Params = { environment: string; flag_key: string };

@ApiTags('flags')
@Controller('api/environments/:environment/flags/:flag_key/test')
export class FlagTesterController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly platforms: KnownPlatforms,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('flags:read')
  @ApiOperation({
    summary: 'Try a flag out, as a customer or a client, also with settings that are not saved: every step is told',
  })
  @ApiOkResponse({ standardSchema: testResult })
  async test(
    @Param({ schema: settingsParams }) { environment, flag_key }: Params,
    @Body({ schema: testRequest }) { context, settings, at, ...caller }: TestRequest,
  ): Promise<TestResult> {
    await getFlag(this.db, flag_key);
    const { settings: saved } = await getSetting(this.db, environment, flag_key);
    const model = await loadModel(this.db, environment);
    if (model === null) throw noSuchEnvironment(environment);
    const tried = settings === undefined ? model : withSettings(model, flag_key, complete(settings, saved));
    const flag = tried.flags.get(flag_key);
    if (flag === undefined) throw new AppError('flag_conflict', `The flag ${flag_key} is archived: nobody gets it.`);
    if (settings !== undefined) refuseFaults(settingsFaults(tried, flag_key, flag.settings, '/settings'));
    const trusted = trustedContext(context as Context, await this.platformOf(caller));
    const traced = traceFlag(tried, flag_key, trusted.context, at === undefined ? Date.now() : Date.parse(at));
    if (traced === null) throw new Error(`flag ${flag_key} is not in its environment`);
    const { value, variant, reason, gate, requiredPlan } = traced.decision;
    return {
      key: flag_key,
      value: value as TestResult['value'],
      variant,
      reason,
      gate,
      required_plan: requiredPlan,
      trace: traced.steps,
      context: trusted.context as TestResult['context'],
      dropped: trusted.dropped,
      environment_revision: model.revision,
    };
  }

  /** @throws AppError invalid_request for a client, not_found for a customer that there is not */
  private async platformOf({
    customer_id,
    client_id,
  }: Pick<TestRequest, 'customer_id' | 'client_id'>): Promise<Platform> {
    if (client_id === undefined) return (await this.platforms.of(customer_id ?? null)).platform;
    const client = await this.db.client.findUnique({ where: { clientId: client_id } });
    if (client === null || client.status === 'deleted')
      throw invalidField('/client_id', `there is no client ${client_id}`);
    const { platform } = await this.platforms.of(customer_id ?? client.customerId);
    return { ...platform, client: client_id };
  }
}
