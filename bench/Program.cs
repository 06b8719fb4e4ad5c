using Platform.Bench;
using Platform.Bench.Boots;
using Platform.Bench.Parsers;
using Platform.Bench.Placement;

return args switch
{
    [] or ["boots", ..] => await BootBench.Run(BenchArguments.Parse(args is [] ? [] : args[1..])),
    ["placement"] => await PlacementBench.Run(),
    ["parsers", .. var more] => ParserBench.Run(
        BenchArguments.Value(more, 0, 1_000_000), BenchArguments.Value(more, 1, Environment.TickCount)),
    _ => BenchArguments.Refuse(args[0]),
};
