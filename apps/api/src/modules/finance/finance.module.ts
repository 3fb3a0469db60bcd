import { Module } from '@nestjs/common';
import { CsvExport } from './csv-export.js';
import { ExportsController } from './exports.controller.js';
import { FinanceController } from './finance.controller.js';
import { MoneyListsController } from './money-lists.controller.js';
import { MrrListsController } from './mrr-lists.controller.js';
import { RowAnswers } from './row-answers.js';
import { UnbilledUsageController } from './unbilled-usage.controller.js';

@Module({
  controllers: [
    ExportsController,
    FinanceController,
    MrrListsController,
    MoneyListsController,
    UnbilledUsageController,
  ],
  providers: [CsvExport, RowAnswers],
})
export class FinanceModule {}
