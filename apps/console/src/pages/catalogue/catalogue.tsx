import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { usePermission } from '../../api/session';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import classes from './catalogue.module.css';
import { CATALOGUE_TABS, type CatalogueTab } from './catalogue-search';
import { DocumentTab } from './document/document-tab';
import { FeatureList } from './features/feature-list';
import { Matrix } from './matrix/matrix';
import { PlanList } from './plans/plan-list';

const route = getRouteApi('/signed-in/catalogue');
const LABELS: Record<CatalogueTab, string> = {
  plans: 'Plans',
  features: 'Features',
  comparison: 'Comparison',
  document: 'As code',
};

export const CataloguePage = () => {
  const { tab = 'plans' } = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('catalogue:read');
  if (!maySee) return <MissingPermission permission="catalogue:read" />;
  return (
    <>
      <PageHeader
        title="Catalogue"
        description="What is sold: features, the plans and add-ons that grant them, and their prices. A published version never changes."
      />
      <Tabs
        value={tab}
        onChange={(next) => navigate({ search: next === 'plans' ? {} : { tab: next as CatalogueTab }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" className={classes.tabs}>
          {CATALOGUE_TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {LABELS[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="plans">
          <PlanList />
        </Tabs.Panel>
        <Tabs.Panel value="features">
          <FeatureList />
        </Tabs.Panel>
        <Tabs.Panel value="comparison">
          <Matrix />
        </Tabs.Panel>
        <Tabs.Panel value="document">
          <DocumentTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
};
