import { PageHeader } from '../../ui/page-header';

export const SubscriptionListPage = () => <PageHeader title="Subscriptions" />;
