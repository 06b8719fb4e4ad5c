using Platform.Bench;
using Platform.Bench.Boots;

return args switch
{
    [] or ["boots", ..] => await BootBench.Run(BenchArguments.Parse(args is [] ? [] : args[1..])),
    _ => BenchArguments.Refuse(args[0]),
};
