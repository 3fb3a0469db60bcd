import { PageHeader } from '../../ui/page-header';
import { UsageTabs } from './usage-tabs';

export const UsagePage = () => (
  <>
    <PageHeader title="Usage" description="What meters counted." />
    <UsageTabs here="usage" />
  </>
);
