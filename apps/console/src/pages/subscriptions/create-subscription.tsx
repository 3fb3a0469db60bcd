import { PageHeader } from '../../ui/page-header';

export const CreateSubscriptionPage = () => <PageHeader title="Create" />;
