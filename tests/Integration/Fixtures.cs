using Platform.Support;

[assembly: AssemblyFixture(typeof(TestServers))]
