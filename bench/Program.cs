using Platform.Bench;
using Platform.Bench.Boots;
using Platform.Bench.Placement;

return args switch
{
    [] or ["boots", ..] => await BootBench.Run(BenchArguments.Parse(args is [] ? [] : args[1..])),
    ["placement"] => PlacementBench.Run(),
    _ => BenchArguments.Refuse(args[0]),
};
